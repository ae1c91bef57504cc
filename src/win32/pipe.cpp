#include "win32/pipe.h"

#include <algorithm>
#include <random>
#include <utility>

#include "win32/error.h"

namespace regwatch::win32 {
namespace {

constexpr const char* kCreating = "creating";
constexpr const char* kPipe = "a pipe to a program";

// Anonymous pipes cannot be overlapped, so this is a named one whose name nobody can guess. Only
// one instance may exist and its other end is opened at once: whoever should come in between makes
// that fail, and gets nothing.
std::wstring unguessable_name() {
    std::random_device random;  // the system's own generator
    std::wstring name = L"\\\\.\\pipe\\regwatch";
    for (int part = 0; part < 4; ++part) name += L"-" + std::to_wstring(random());
    return name;
}

}  // namespace

Result<PipePair> create_pipe(PipeDirection direction) {
    constexpr DWORD kBufferSize = 64 * 1024;
    const bool to_child = direction == PipeDirection::to_child;
    const std::wstring name = unguessable_name();

    PipePair pair;
    const DWORD our_access = to_child ? PIPE_ACCESS_OUTBOUND : PIPE_ACCESS_INBOUND;
    pair.ours = FileHandle(CreateNamedPipeW(
        name.c_str(), our_access | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
        PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1,
        kBufferSize, kBufferSize, 0, nullptr));
    if (!pair.ours) {
        const DWORD code = GetLastError();
        return system_error(code, kCreating, kPipe);
    }
    SECURITY_ATTRIBUTES inheritable{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
    // Programs ask what kind of handle they have been given.
    const DWORD their_access =
        to_child ? GENERIC_READ | FILE_WRITE_ATTRIBUTES : GENERIC_WRITE | FILE_READ_ATTRIBUTES;
    pair.theirs = FileHandle(
        CreateFileW(name.c_str(), their_access, 0, &inheritable, OPEN_EXISTING, 0, nullptr));
    if (!pair.theirs) {
        const DWORD code = GetLastError();
        return system_error(code, kCreating, kPipe);
    }
    return pair;
}

PipeStream::PipeStream(FileHandle pipe, Handle event) noexcept
    : pipe_(std::move(pipe)), event_(std::move(event)) {}

void PipeStream::close() noexcept {
    if (pending_) {
        CancelIoEx(pipe_.get(), &overlapped_);
        DWORD count = 0;
        GetOverlappedResult(pipe_.get(), &overlapped_, &count, TRUE);
        pending_ = false;
    }
    pipe_.reset();
}

std::size_t PipeStream::finish() noexcept {
    DWORD count = 0;
    const BOOL done = GetOverlappedResult(pipe_.get(), &overlapped_, &count, FALSE);
    if (!done && GetLastError() == ERROR_IO_INCOMPLETE) return 0;
    pending_ = false;
    if (!done) close();
    return count;
}

void PipeStream::begun(BOOL done) noexcept {
    pending_ = done || GetLastError() == ERROR_IO_PENDING;
    if (!pending_) close();
}

PipeReader::PipeReader(FileHandle pipe, Handle event, std::size_t limit)
    : PipeStream(std::move(pipe), std::move(event)), limit_(limit) {
    read();
}

void PipeReader::read() noexcept {
    overlapped_ = OVERLAPPED{};
    overlapped_.hEvent = event_.get();
    begun(ReadFile(pipe_.get(), chunk_.data(), static_cast<DWORD>(chunk_.size()), nullptr,
                   &overlapped_));
}

void PipeReader::advance() {
    const std::size_t count = finish();
    collected_.append(chunk_.data(), count);
    if (collected_.size() > limit_) truncated_ = true;
    if (collected_.size() > 2 * limit_) collected_.erase(0, collected_.size() - limit_);
    if (is_open()) read();
}

std::string PipeReader::take() {
    if (collected_.size() > limit_) collected_.erase(0, collected_.size() - limit_);
    return std::move(collected_);
}

PipeWriter::PipeWriter(FileHandle pipe, Handle event, std::string_view text)
    : PipeStream(std::move(pipe), std::move(event)), rest_(text) {
    write();
}

void PipeWriter::write() noexcept {
    if (rest_.empty()) {
        close();
        return;
    }
    overlapped_ = OVERLAPPED{};
    overlapped_.hEvent = event_.get();
    constexpr std::size_t kMost = 1024 * 1024;
    const auto size = static_cast<DWORD>(std::min(rest_.size(), kMost));
    begun(WriteFile(pipe_.get(), rest_.data(), size, nullptr, &overlapped_));
}

void PipeWriter::advance() noexcept {
    rest_.remove_prefix(finish());
    if (is_open()) write();
}

}  // namespace regwatch::win32
