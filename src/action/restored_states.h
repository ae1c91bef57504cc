// What was put back, by object: which state was written, and when. Kept over a restart, because own
// writing may be found by the first look of the next start.
//
// One thread at a time. Kept as hashes only, one line for each time something was put back, in a file
// that is read when it is first needed: an action that a reload replaces has written its last line by
// then. Without a path, or where the file cannot be written, nothing outlives the process.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/time.h"
#include "change/change.h"
#include "change/registry_edit.h"
#include "platform/append_file.h"

namespace regwatch {

class RestoredStates {
public:
    // Of more objects the ones written first are forgotten.
    static constexpr std::size_t kMostObjects = 1'000;

    RestoredStates(FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

    // Before it is written.
    void note(const RegistryEdit& edit, WallTime now);
    // When it was.
    void wrote(const RegistryEdit& edit, WallTime now);
    // Whether the change leads to what was written last, and nobody had seen the object without the
    // change after that: it is this action's own then. Who brings the same state about later is
    // somebody else.
    [[nodiscard]] bool brought_about(const Change& change);

private:
    struct Written {
        std::string state;  // 64 digits
        WallTime at{};
    };

    void read_once();
    void keep(const std::string& object, Written written);
    void forget_the_first();
    [[nodiscard]] std::string line_of(const std::string& object, const Written& written) const;

    FileSystem& files_;
    const std::string path_;
    bool read_ = false;
    std::uint64_t lines_ = 0;  // in the file
    std::map<std::string, Written> written_;
};

// Key and value of what an edit writes or a change has changed, folded: the same for both.
[[nodiscard]] std::u16string object_of(const RegistryEdit& edit);
[[nodiscard]] std::u16string object_of(const Change& change);

}  // namespace regwatch
