#include "batch_memory.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <type_traits>

namespace kmsg {
namespace {

struct Field {
  const char* name;
  napi_typedarray_type type;
  const char* type_name;
};

/** In the order in which GetBatch takes them. */
constexpr Field kFields[] = {
    {"arena", napi_uint8_array, "Uint8Array"},
    {"kind", napi_uint8_array, "Uint8Array"},
    {"priority", napi_uint16_array, "Uint16Array"},
    {"flag", napi_uint8_array, "Uint8Array"},
    {"fresh", napi_uint8_array, "Uint8Array"},
    {"seq", napi_biguint64_array, "BigUint64Array"},
    {"timestampUs", napi_float64_array, "Float64Array"},
    {"readMonotonicUs", napi_float64_array, "Float64Array"},
    {"readRealtimeUs", napi_float64_array, "Float64Array"},
    {"lost", napi_float64_array, "Float64Array"},
    {"recordOffset", napi_uint32_array, "Uint32Array"},
    {"recordLength", napi_uint32_array, "Uint32Array"},
    {"textOffset", napi_uint32_array, "Uint32Array"},
    {"textLength", napi_uint32_array, "Uint32Array"},
    {"snapshotOffset", napi_uint32_array, "Uint32Array"},
    {"snapshotLength", napi_uint32_array, "Uint32Array"},
};
constexpr size_t kFieldCount = std::size(kFields);

struct Memory {
  void* data = nullptr;
  size_t length = 0;
};

bool TypeError(Napi::Env env, const std::string& message) {
  if (!env.IsExceptionPending()) Napi::TypeError::New(env, message).ThrowAsJavaScriptException();
  return false;
}

bool GetMemory(Napi::Env env, const Field& field, Napi::Value value, Memory* memory) {
  napi_typedarray_type type;
  if (value.IsEmpty() || !value.IsTypedArray() ||
      napi_get_typedarray_info(env, value, &type, &memory->length, &memory->data, nullptr,
                               nullptr) != napi_ok ||
      type != field.type) {
    return TypeError(env, std::string("batch.") + field.name + " must be a " + field.type_name);
  }
  return true;
}

/** Where all fields of `object` are; the columns, which are all but the first, have one length. */
bool GetAll(Napi::Env env, Napi::Object object, std::array<Memory, kFieldCount>* memory) {
  // First every property, then every address: a getter could move the memory of another field.
  std::array<Napi::Value, kFieldCount> values;
  for (size_t i = 0; i < kFieldCount; i++) values[i] = object.Get(kFields[i].name);
  for (size_t i = 0; i < kFieldCount; i++) {
    if (!GetMemory(env, kFields[i], values[i], &(*memory)[i])) return false;
  }
  for (size_t i = 1; i < kFieldCount; i++) {
    const size_t length = (*memory)[i].length;
    if (length == 0) return TypeError(env, std::string("batch.") + kFields[i].name + " is empty");
    if (length != (*memory)[1].length) {
      return TypeError(env, "the columns of a batch must have the same length");
    }
  }
  return true;
}

}  // namespace

std::optional<Batch> GetBatch(Napi::Env env, Napi::Value value) {
  if (!value.IsObject()) {
    TypeError(env, "batch must be an object");
    return std::nullopt;
  }
  std::array<Memory, kFieldCount> memory;
  if (!GetAll(env, value.As<Napi::Object>(), &memory)) return std::nullopt;

  Batch batch;
  // Offsets into the arena are 32-bit.
  batch.arena_bytes = std::min<size_t>(memory[0].length, std::numeric_limits<uint32_t>::max());
  batch.rows = memory[1].length;
  const Memory* next = memory.data();
  const auto take = [&next](auto** data) {
    *data = static_cast<std::remove_reference_t<decltype(*data)>>((next++)->data);
  };
  take(&batch.arena);
  take(&batch.kind);
  take(&batch.priority);
  take(&batch.flag);
  take(&batch.fresh);
  take(&batch.seq);
  take(&batch.timestamp_us);
  take(&batch.read_monotonic_us);
  take(&batch.read_realtime_us);
  take(&batch.lost);
  take(&batch.record_offset);
  take(&batch.record_length);
  take(&batch.text_offset);
  take(&batch.text_length);
  take(&batch.snapshot_offset);
  take(&batch.snapshot_length);
  return batch;
}

}  // namespace kmsg
