#include "batch_memory.h"

#include <algorithm>
#include <limits>
#include <string>

namespace kmsg {
namespace {

struct Column {
  void* data = nullptr;
  size_t length = 0;
};

class Columns {
 public:
  Columns(Napi::Env env, Napi::Object memory) : env_(env), memory_(memory) {}

  /** False once a TypeError is pending; the later calls then do nothing. */
  bool ok() const { return ok_; }
  size_t rows() const { return rows_; }

  template <typename T>
  Column Get(const char* name, napi_typedarray_type type, const char* type_name, T** data) {
    Column column;
    if (!ok_) return column;
    const Napi::Value value = memory_.Get(name);
    napi_typedarray_type actual;
    if (value.IsEmpty() || !value.IsTypedArray() ||
        napi_get_typedarray_info(env_, value, &actual, &column.length, &column.data, nullptr,
                                 nullptr) != napi_ok ||
        actual != type) {
      Reject(std::string("batch.") + name + " must be a " + type_name);
    }
    *data = static_cast<T*>(column.data);
    return column;
  }

  /** A column: as long as the ones before it. */
  template <typename T>
  void GetColumn(const char* name, napi_typedarray_type type, const char* type_name, T** data) {
    const size_t length = Get(name, type, type_name, data).length;
    if (!ok_) return;
    if (length == 0) return Reject(std::string("batch.") + name + " must not be empty");
    if (rows_ == 0) rows_ = length;
    if (length != rows_) Reject("the columns of a batch must have the same length");
  }

 private:
  void Reject(const std::string& message) {
    ok_ = false;
    if (!env_.IsExceptionPending())
      Napi::TypeError::New(env_, message).ThrowAsJavaScriptException();
  }

  const Napi::Env env_;
  const Napi::Object memory_;
  bool ok_ = true;
  size_t rows_ = 0;
};

}  // namespace

std::optional<Batch> GetBatch(Napi::Env env, Napi::Value value) {
  if (!value.IsObject()) {
    Napi::TypeError::New(env, "batch must be an object").ThrowAsJavaScriptException();
    return std::nullopt;
  }
  Columns columns(env, value.As<Napi::Object>());
  Batch batch;
  // Offsets into the arena are 32-bit.
  batch.arena_bytes =
      std::min<size_t>(columns.Get("arena", napi_uint8_array, "Uint8Array", &batch.arena).length,
                       std::numeric_limits<uint32_t>::max());
  const auto u8 = [&](const char* name, uint8_t** data) {
    columns.GetColumn(name, napi_uint8_array, "Uint8Array", data);
  };
  const auto u32 = [&](const char* name, uint32_t** data) {
    columns.GetColumn(name, napi_uint32_array, "Uint32Array", data);
  };
  const auto f64 = [&](const char* name, double** data) {
    columns.GetColumn(name, napi_float64_array, "Float64Array", data);
  };
  u8("kind", &batch.kind);
  columns.GetColumn("priority", napi_uint16_array, "Uint16Array", &batch.priority);
  u8("flag", &batch.flag);
  u8("fresh", &batch.fresh);
  columns.GetColumn("seq", napi_biguint64_array, "BigUint64Array", &batch.seq);
  f64("timestampUs", &batch.timestamp_us);
  f64("readMonotonicUs", &batch.read_monotonic_us);
  f64("readRealtimeUs", &batch.read_realtime_us);
  f64("lost", &batch.lost);
  u32("recordOffset", &batch.record_offset);
  u32("recordLength", &batch.record_length);
  u32("textOffset", &batch.text_offset);
  u32("textLength", &batch.text_length);
  u32("snapshotOffset", &batch.snapshot_offset);
  u32("snapshotLength", &batch.snapshot_length);
  if (!columns.ok()) return std::nullopt;
  batch.rows = columns.rows();
  return batch;
}

}  // namespace kmsg
