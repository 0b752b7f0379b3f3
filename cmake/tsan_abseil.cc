// Shows Abseil's mutexes to the thread sanitizer.
//
// The packaged Abseil is not instrumented and its mutexes are not pthread's, so
// the sanitizer would see no order between what two threads do under one
// absl::Mutex, neither in our code nor in gRPC's, which locks by them too. A
// program that defines these functions takes the place of the library's; each
// tells the sanitizer and calls the original. Linked in the preset `tsan` only.
//
// Between `pre` and `post` the sanitizer ignores accesses, hence also what the
// library does when it evaluates the conditions of waiting threads.

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <cstdio>
#include <cstdlib>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace {

constexpr unsigned kRead = __tsan_mutex_read_lock;
constexpr unsigned kTry = __tsan_mutex_try_lock;
constexpr unsigned kFailed = __tsan_mutex_try_lock_failed;

// The library's function of this mangled name, as the type of `Function`.
template <typename Function>
Function* Original(const char* name) {
  void* const address = dlsym(RTLD_NEXT, name);
  if (address == nullptr) {
    std::fprintf(stderr, "tsan_abseil.cc: Abseil has no %s\n", name);
    std::abort();
  }
  return reinterpret_cast<Function*>(address);
}

// The library implements some of these functions by others of them, which then
// come here again: only the outermost call is told to the sanitizer.
thread_local bool inside = false;

struct Outermost {
  Outermost() { inside = true; }
  ~Outermost() { inside = false; }
};

template <typename Call>
void Locking(absl::Mutex* mutex, unsigned flags, Call call) {
  if (inside) return call();
  __tsan_mutex_pre_lock(mutex, flags);
  {
    const Outermost outermost;
    call();
  }
  __tsan_mutex_post_lock(mutex, flags, 0);
}

template <typename Call>
bool Trying(absl::Mutex* mutex, unsigned flags, Call call) {
  if (inside) return call();
  __tsan_mutex_pre_lock(mutex, flags | kTry);
  bool locked = false;
  {
    const Outermost outermost;
    locked = call();
  }
  __tsan_mutex_post_lock(mutex, flags | kTry | (locked ? 0 : kFailed), 0);
  return locked;
}

template <typename Call>
void Unlocking(absl::Mutex* mutex, unsigned flags, Call call) {
  if (inside) return call();
  __tsan_mutex_pre_unlock(mutex, flags);
  {
    const Outermost outermost;
    call();
  }
  __tsan_mutex_post_unlock(mutex, flags);
}

// A wait gives the lock up and has it again when it returns. Waiting with a
// lock for reading is not supported; nothing here does it.
template <typename Call>
void Waiting(absl::Mutex* mutex, Call call) {
  if (inside) return call();
  __tsan_mutex_pre_unlock(mutex, 0);
  __tsan_mutex_post_unlock(mutex, 0);
  Locking(mutex, 0, call);
}

// The sanitizer's functions take no pointer to const.
void* Order(const void* object) { return const_cast<void*>(object); }

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

// The mangled name of a member of absl::Mutex or absl::CondVar, with the name's
// length and the code of its arguments as the C++ ABI has them.
#define MUTEX(name, arguments) "_ZN4absl7debian35Mutex" name "E" arguments
#define CONDVAR(name, arguments) "_ZN4absl7debian37CondVar" name "E" arguments
#define CONDITION "RKNS0_9ConditionE"

void Mutex::Lock() {
  static auto* const original = Original<void(Mutex*)>(MUTEX("4Lock", "v"));
  Locking(this, 0, [this] { original(this); });
}

void Mutex::Unlock() {
  static auto* const original = Original<void(Mutex*)>(MUTEX("6Unlock", "v"));
  Unlocking(this, 0, [this] { original(this); });
}

bool Mutex::TryLock() {
  static auto* const original = Original<bool(Mutex*)>(MUTEX("7TryLock", "v"));
  return Trying(this, 0, [this] { return original(this); });
}

void Mutex::ReaderLock() {
  static auto* const original =
      Original<void(Mutex*)>(MUTEX("10ReaderLock", "v"));
  Locking(this, kRead, [this] { original(this); });
}

void Mutex::ReaderUnlock() {
  static auto* const original =
      Original<void(Mutex*)>(MUTEX("12ReaderUnlock", "v"));
  Unlocking(this, kRead, [this] { original(this); });
}

bool Mutex::ReaderTryLock() {
  static auto* const original =
      Original<bool(Mutex*)>(MUTEX("13ReaderTryLock", "v"));
  return Trying(this, kRead, [this] { return original(this); });
}

void Mutex::LockWhen(const Condition& condition) {
  static auto* const original =
      Original<void(Mutex*, const Condition&)>(MUTEX("8LockWhen", CONDITION));
  Locking(this, 0, [&] { original(this, condition); });
}

void Mutex::ReaderLockWhen(const Condition& condition) {
  static auto* const original = Original<void(Mutex*, const Condition&)>(
      MUTEX("14ReaderLockWhen", CONDITION));
  Locking(this, kRead, [&] { original(this, condition); });
}

// These hold the lock on return whether or not the condition came true.
bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  static auto* const original =
      Original<bool(Mutex*, const Condition&, Duration)>(
          MUTEX("19LockWhenWithTimeout", CONDITION "NS0_8DurationE"));
  bool result = false;
  Locking(this, 0, [&] { result = original(this, condition, timeout); });
  return result;
}

bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  static auto* const original = Original<bool(Mutex*, const Condition&, Time)>(
      MUTEX("20LockWhenWithDeadline", CONDITION "NS0_4TimeE"));
  bool result = false;
  Locking(this, 0, [&] { result = original(this, condition, deadline); });
  return result;
}

void Mutex::Await(const Condition& condition) {
  static auto* const original =
      Original<void(Mutex*, const Condition&)>(MUTEX("5Await", CONDITION));
  Waiting(this, [&] { original(this, condition); });
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static auto* const original =
      Original<bool(Mutex*, const Condition&, Duration)>(
          MUTEX("16AwaitWithTimeout", CONDITION "NS0_8DurationE"));
  bool result = false;
  Waiting(this, [&] { result = original(this, condition, timeout); });
  return result;
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  static auto* const original = Original<bool(Mutex*, const Condition&, Time)>(
      MUTEX("17AwaitWithDeadline", CONDITION "NS0_4TimeE"));
  bool result = false;
  Waiting(this, [&] { result = original(this, condition, deadline); });
  return result;
}

void CondVar::Wait(Mutex* mutex) {
  static auto* const original =
      Original<void(CondVar*, Mutex*)>(CONDVAR("4Wait", "PNS0_5MutexE"));
  Waiting(mutex, [&] { original(this, mutex); });
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  static auto* const original = Original<bool(CondVar*, Mutex*, Duration)>(
      CONDVAR("15WaitWithTimeout", "PNS0_5MutexENS0_8DurationE"));
  bool result = false;
  Waiting(mutex, [&] { result = original(this, mutex, timeout); });
  return result;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static auto* const original = Original<bool(CondVar*, Mutex*, Time)>(
      CONDVAR("16WaitWithDeadline", "PNS0_5MutexENS0_4TimeE"));
  bool result = false;
  Waiting(mutex, [&] { result = original(this, mutex, deadline); });
  return result;
}

// These order their callers by an atomic too, without the lock.
#define NOTIFICATION(name, arguments) \
  "_ZN4absl7debian312Notification" name "E" arguments
#define NOTIFIED(name, arguments) \
  "_ZNK4absl7debian312Notification" name "E" arguments
#define COUNTER(name) "_ZN4absl7debian315BlockingCounter" name "Ev"

void Notification::Notify() {
  static auto* const original =
      Original<void(Notification*)>(NOTIFICATION("6Notify", "v"));
  __tsan_release(Order(this));
  original(this);
}

void Notification::WaitForNotification() const {
  static auto* const original = Original<void(const Notification*)>(
      NOTIFIED("19WaitForNotification", "v"));
  original(this);
  __tsan_acquire(Order(this));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  static auto* const original = Original<bool(const Notification*, Duration)>(
      NOTIFIED("30WaitForNotificationWithTimeout", "NS0_8DurationE"));
  const bool notified = original(this, timeout);
  if (notified) __tsan_acquire(Order(this));
  return notified;
}

bool Notification::WaitForNotificationWithDeadline(Time deadline) const {
  static auto* const original = Original<bool(const Notification*, Time)>(
      NOTIFIED("31WaitForNotificationWithDeadline", "NS0_4TimeE"));
  const bool notified = original(this, deadline);
  if (notified) __tsan_acquire(Order(this));
  return notified;
}

bool BlockingCounter::DecrementCount() {
  static auto* const original =
      Original<bool(BlockingCounter*)>(COUNTER("14DecrementCount"));
  __tsan_release(Order(this));
  return original(this);
}

void BlockingCounter::Wait() {
  static auto* const original =
      Original<void(BlockingCounter*)>(COUNTER("4Wait"));
  original(this);
  __tsan_acquire(Order(this));
}

ABSL_NAMESPACE_END
}  // namespace absl
