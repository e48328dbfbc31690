#pragma once

// The only place that includes napi.h; NAPI_VERSION and the exception mode come from binding.gyp
// for every file alike.
#include <napi.h>
