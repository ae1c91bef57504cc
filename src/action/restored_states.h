// What was put back, by object: which state was written, when, and how long somebody has been fought over
// it. Kept over a restart, because own writing may be found by the first look of the next start, and
// whoever was given in to has not become weaker by it.
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

    // How often an object was put back in a row, and when somebody was last seen to have changed it.
    struct Fight {
        unsigned rounds = 0;
        WallTime last{};
    };

    // Before it is written; with the fight as it is then.
    void note(const RegistryEdit& edit, WallTime now, Fight fight);
    // What is not written, because somebody was given in to. Kept once in a while only: many such changes
    // may come.
    void note_given_in(const Change& change, Fight fight);
    // Nothing: nobody was fought.
    [[nodiscard]] Fight fight_over(const Change& change);
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
        Fight fight{};
    };

    void read_once();
    void keep(const std::string& object, Written written);
    void append(const std::string& object, const Written& written);
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
