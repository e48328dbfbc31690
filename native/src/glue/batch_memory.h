#pragma once

#include <optional>

#include "../core/batch.h"
#include "napi_setup.h"

namespace kmsg {

/**
 * Where the columns of a BatchMemory of index.d.ts are now. Asked at each read, because a
 * transferred or resized buffer moves. Empty: a TypeError is pending in `env`.
 */
std::optional<Batch> GetBatch(Napi::Env env, Napi::Value value);

}  // namespace kmsg
