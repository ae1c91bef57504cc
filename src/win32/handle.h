// Owners of the system's handles: one template, and for each kind of handle a type that knows what
// is no handle and how it is closed. The only close calls of the project are in this file.
//
// Values, move-only; a handle is used by whoever holds it, on the threads its own kind allows.
// Closing cannot fail in a way that anybody could act upon.
#pragma once

#include <utility>

#include "win32/windows.h"

namespace regwatch::win32 {

template <class Traits>
class UniqueHandle {
public:
    using Raw = typename Traits::Raw;

    UniqueHandle() = default;
    explicit UniqueHandle(Raw raw) noexcept : raw_(raw) {}
    UniqueHandle(UniqueHandle&& other) noexcept : raw_(std::exchange(other.raw_, Traits::none())) {}
    UniqueHandle& operator=(UniqueHandle&& other) noexcept {
        UniqueHandle(std::move(other)).swap(*this);
        return *this;
    }
    ~UniqueHandle() {
        if (*this) Traits::close(raw_);
    }

    explicit operator bool() const noexcept { return raw_ != Traits::none(); }
    [[nodiscard]] Raw get() const noexcept { return raw_; }
    void reset() noexcept { UniqueHandle().swap(*this); }
    void swap(UniqueHandle& other) noexcept { std::swap(raw_, other.raw_); }

    // For functions that return a handle through a pointer. What was held is closed first.
    [[nodiscard]] Raw* receive() noexcept {
        reset();
        return &raw_;
    }

private:
    Raw raw_ = Traits::none();
};

template <class RawType>
struct NullIsNone {
    using Raw = RawType;
    static Raw none() noexcept { return nullptr; }
};

struct KernelTraits : NullIsNone<HANDLE> {
    static void close(HANDLE raw) noexcept { ::CloseHandle(raw); }
};
struct FileTraits {
    using Raw = HANDLE;
    static HANDLE none() noexcept { return INVALID_HANDLE_VALUE; }
    static void close(HANDLE raw) noexcept { ::CloseHandle(raw); }
};
struct FindTraits {
    using Raw = HANDLE;
    static HANDLE none() noexcept { return INVALID_HANDLE_VALUE; }
    static void close(HANDLE raw) noexcept { ::FindClose(raw); }
};
struct ChangeNotificationTraits {
    using Raw = HANDLE;
    static HANDLE none() noexcept { return INVALID_HANDLE_VALUE; }
    static void close(HANDLE raw) noexcept { ::FindCloseChangeNotification(raw); }
};
struct KeyTraits : NullIsNone<HKEY> {
    static void close(HKEY raw) noexcept { ::RegCloseKey(raw); }
};
struct ServiceTraits : NullIsNone<SC_HANDLE> {
    static void close(SC_HANDLE raw) noexcept { ::CloseServiceHandle(raw); }
};
struct EventSourceTraits : NullIsNone<HANDLE> {
    static void close(HANDLE raw) noexcept { ::DeregisterEventSource(raw); }
};
struct ModuleTraits : NullIsNone<HMODULE> {
    static void close(HMODULE raw) noexcept { ::FreeLibrary(raw); }
};
struct PoolTraits : NullIsNone<PTP_POOL> {
    static void close(PTP_POOL raw) noexcept { ::CloseThreadpool(raw); }
};
struct PoolWaitTraits : NullIsNone<PTP_WAIT> {
    static void close(PTP_WAIT raw) noexcept { ::CloseThreadpoolWait(raw); }
};
struct PoolWorkTraits : NullIsNone<PTP_WORK> {
    static void close(PTP_WORK raw) noexcept { ::CloseThreadpoolWork(raw); }
};
struct PoolTimerTraits : NullIsNone<PTP_TIMER> {
    static void close(PTP_TIMER raw) noexcept { ::CloseThreadpoolTimer(raw); }
};
// The list's memory belongs to whoever initialized it.
struct AttributeListTraits : NullIsNone<LPPROC_THREAD_ATTRIBUTE_LIST> {
    static void close(LPPROC_THREAD_ATTRIBUTE_LIST raw) noexcept {
        ::DeleteProcThreadAttributeList(raw);
    }
};
template <class T>
struct LocalTraits : NullIsNone<T*> {
    static void close(T* raw) noexcept { ::LocalFree(raw); }
};

// Processes, threads, events, jobs, tokens, completion ports. Kinds that must not be mixed up get
// a type of their own from whoever wraps them.
using Handle = UniqueHandle<KernelTraits>;
using FileHandle = UniqueHandle<FileTraits>;  // what CreateFileW and CreateNamedPipeW return
using FindHandle = UniqueHandle<FindTraits>;
using ChangeNotification = UniqueHandle<ChangeNotificationTraits>;  // of a folder
using KeyHandle = UniqueHandle<KeyTraits>;
using ServiceHandle = UniqueHandle<ServiceTraits>;  // of the manager, and of one service
using EventSource = UniqueHandle<EventSourceTraits>;
using Module = UniqueHandle<ModuleTraits>;
using Pool = UniqueHandle<PoolTraits>;
using PoolWait = UniqueHandle<PoolWaitTraits>;
using PoolWork = UniqueHandle<PoolWorkTraits>;
using PoolTimer = UniqueHandle<PoolTimerTraits>;
using AttributeList = UniqueHandle<AttributeListTraits>;
template <class T>
using LocalPtr = UniqueHandle<LocalTraits<T>>;

}  // namespace regwatch::win32
