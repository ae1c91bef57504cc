// A pipe to a child process: our end works without blocking, so that one thread can serve several
// of them, the process and a deadline, and no child can make that thread hang.
//
// One thread at a time. Destroying a stream takes back an operation that is still going on and
// waits until the system has let go of its buffer.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "win32/handle.h"

namespace regwatch::win32 {

struct PipePair {
    FileHandle ours;    // overlapped, not inheritable
    FileHandle theirs;  // plain, inheritable
};
enum class PipeDirection { to_child, from_child };

Result<PipePair> create_pipe(PipeDirection direction);

// What both directions share: one operation at a time, whose end an event tells.
class PipeStream {
public:
    PipeStream(const PipeStream&) = delete;
    PipeStream& operator=(const PipeStream&) = delete;

    [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(pipe_); }
    // Signalled when advance() has something to do.
    [[nodiscard]] HANDLE event() const noexcept { return event_.get(); }
    void close() noexcept;

protected:
    PipeStream(FileHandle pipe, Handle event) noexcept;
    ~PipeStream() { close(); }

    // Of the operation whose end was signalled. Closes when the other end is gone.
    [[nodiscard]] std::size_t finish() noexcept;
    // After ReadFile or WriteFile was given `overlapped_`.
    void begun(BOOL done) noexcept;

    FileHandle pipe_;
    Handle event_;
    OVERLAPPED overlapped_{};

private:
    bool pending_ = false;
};

// Collects the end of what the child writes, up to a limit; what came before it is dropped, so that the
// child never waits for us.
class PipeReader : public PipeStream {
public:
    static constexpr std::size_t kChunk = 16 * 1024;

    PipeReader(FileHandle pipe, Handle event, std::size_t limit);
    ~PipeReader() { close(); }
    void advance();

    [[nodiscard]] bool truncated() const noexcept { return truncated_; }
    [[nodiscard]] std::string take();

private:
    void read() noexcept;

    const std::size_t limit_;
    std::vector<char> chunk_ = std::vector<char>(kChunk);
    std::string collected_;  // up to twice the limit, so that not every part moves all of it
    bool truncated_ = false;
};

// Writes a text and closes the pipe, which is the child's end of file. A child that does not read,
// or closes its end early, is no error.
class PipeWriter : public PipeStream {
public:
    // `text` outlives the writer.
    PipeWriter(FileHandle pipe, Handle event, std::string_view text);
    ~PipeWriter() { close(); }
    void advance() noexcept;

private:
    void write() noexcept;

    std::string_view rest_;
};

}  // namespace regwatch::win32
