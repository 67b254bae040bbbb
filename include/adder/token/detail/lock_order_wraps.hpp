// SPDX-License-Identifier: MIT
/// @file
/// @brief Where `ld --wrap` leads the calls that lock: see lock_order.hpp.
#pragma once
#include "adder/token/detail/attachment.hpp"
#include "adder/token/detail/lock_order.hpp"

#if ADDER_LOCK_ORDER
#include <pthread.h>

// Each calls what it stands for. In every file, and one of them is taken.
#define ADDER_WRAP inline __attribute__((used, visibility("hidden")))

// NOLINTBEGIN(bugprone-reserved-identifier): the names are the linker's
extern "C" {
int __real_pthread_mutex_lock(pthread_mutex_t* mutex);
int __real_pthread_mutex_trylock(pthread_mutex_t* mutex);
int __real_pthread_mutex_unlock(pthread_mutex_t* mutex);
int __real_pthread_rwlock_rdlock(pthread_rwlock_t* lock);
int __real_pthread_rwlock_tryrdlock(pthread_rwlock_t* lock);
int __real_pthread_rwlock_wrlock(pthread_rwlock_t* lock);
int __real_pthread_rwlock_trywrlock(pthread_rwlock_t* lock);
int __real_pthread_rwlock_unlock(pthread_rwlock_t* lock);
int __real_pthread_once(pthread_once_t* flag, void (*call)());
int __real___cxa_guard_acquire(void* guard);
void __real___cxa_guard_release(void* guard);
void __real___cxa_guard_abort(void* guard);
}

namespace adder::inline ADDER_ABI::detail {
template <auto Lock, class T>
ADDER_INLINE int wait_noting(T* mutex) {
  note_wait({mutex, LockKind::mutex}, is_attached());
  const int result = Lock(mutex);
  if (result == 0) note_locked({mutex, LockKind::mutex});
  return result;
}
template <auto TryLock, class T>
ADDER_INLINE int try_noting(T* mutex) {
  const int result = TryLock(mutex);
  if (result == 0) note_locked({mutex, LockKind::mutex});
  return result;
}
template <auto Unlock, class T>
ADDER_INLINE int unlock_noting(T* mutex) {
  note_unlocked(mutex);
  return Unlock(mutex);
}
/// The flag is held while the call runs, however it ends.
struct OnceNoting {
  explicit OnceNoting(const void* once) noexcept : flag(once) {
    note_wait({once, LockKind::mutex}, is_attached());
    note_locked({once, LockKind::mutex});
  }
  ~OnceNoting() { note_unlocked(flag); }
  OnceNoting(const OnceNoting&) = delete;
  OnceNoting& operator=(const OnceNoting&) = delete;
  const void* flag;
};
}  // namespace adder::inline ADDER_ABI::detail

extern "C" {
ADDER_WRAP int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex) {
  return adder::detail::wait_noting<&__real_pthread_mutex_lock>(mutex);
}
ADDER_WRAP int __wrap_pthread_mutex_trylock(pthread_mutex_t* mutex) {
  return adder::detail::try_noting<&__real_pthread_mutex_trylock>(mutex);
}
ADDER_WRAP int __wrap_pthread_mutex_unlock(pthread_mutex_t* mutex) {
  return adder::detail::unlock_noting<&__real_pthread_mutex_unlock>(mutex);
}
ADDER_WRAP int __wrap_pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
  return adder::detail::wait_noting<&__real_pthread_rwlock_rdlock>(lock);
}
ADDER_WRAP int __wrap_pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) {
  return adder::detail::try_noting<&__real_pthread_rwlock_tryrdlock>(lock);
}
ADDER_WRAP int __wrap_pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
  return adder::detail::wait_noting<&__real_pthread_rwlock_wrlock>(lock);
}
ADDER_WRAP int __wrap_pthread_rwlock_trywrlock(pthread_rwlock_t* lock) {
  return adder::detail::try_noting<&__real_pthread_rwlock_trywrlock>(lock);
}
ADDER_WRAP int __wrap_pthread_rwlock_unlock(pthread_rwlock_t* lock) {
  return adder::detail::unlock_noting<&__real_pthread_rwlock_unlock>(lock);
}
// std::call_once.
ADDER_WRAP int __wrap_pthread_once(pthread_once_t* flag, void (*call)()) {
  const adder::detail::OnceNoting noting(flag);
  return __real_pthread_once(flag, call);
}
// Function-local statics; not called any more once they are initialised.
ADDER_WRAP int __wrap___cxa_guard_acquire(void* guard) {
  using namespace adder::detail;
  note_wait({guard, LockKind::local_static}, is_attached());
  const int is_ours = __real___cxa_guard_acquire(guard);
  if (is_ours != 0) note_locked({guard, LockKind::local_static});
  return is_ours;
}
ADDER_WRAP void __wrap___cxa_guard_release(void* guard) {
  adder::detail::note_unlocked(guard);
  __real___cxa_guard_release(guard);
}
ADDER_WRAP void __wrap___cxa_guard_abort(void* guard) {
  adder::detail::note_unlocked(guard);
  __real___cxa_guard_abort(guard);
}
}
// NOLINTEND(bugprone-reserved-identifier)
#undef ADDER_WRAP
#endif
