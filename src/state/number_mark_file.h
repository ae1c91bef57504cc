// The mark of the numbers in a small file beside the database: <folder>/regwatch.numbers.
//
// Two slots of a sector each, written in turn where they stand, each with a hash of what it says: so the
// last one but one is there whatever becomes of a write, and a full disk is no obstacle once the file is
// there. One thread at a time, and one process, which is whoever has taken the folder.
#pragma once

#include <string>

#include "platform/number_mark.h"
#include "state/in_place_file.h"

namespace regwatch {

class NumberMarkFile final : public NumberMark {
public:
    explicit NumberMarkFile(const std::string& folder);  // UTF-8, absolute; it exists

    Result<std::optional<NumbersMarked>> read() override;
    Result<void> write(const NumbersMarked& marked) override;

    [[nodiscard]] const std::string& path() const noexcept { return file_.path(); }

private:
    const InPlaceFile file_;
};

}  // namespace regwatch
