#pragma once

// V8's own functions, for Node-API has none. They are bound by name and weakly, so that the addon
// needs no certain Node: where they are not there, all is as without it.
#define OOMWATCHER_IF_THERE(name) __asm__(name) __attribute__((weak, visibility("default")))

namespace kmsg {

void* TryGetCurrentIsolate() OOMWATCHER_IF_THERE("_ZN2v87Isolate13TryGetCurrentEv");

/** nullptr: V8 does not say. */
inline void* CurrentIsolate() {
  return TryGetCurrentIsolate != nullptr ? TryGetCurrentIsolate() : nullptr;
}

}  // namespace kmsg
