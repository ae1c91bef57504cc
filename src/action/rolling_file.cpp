#include "action/rolling_file.h"

#include <charconv>
#include <utility>

#include "platform/folder.h"
#include "text/time.h"

namespace regwatch {
namespace {

constexpr std::size_t kNumberDigits = 6;

// The number in "events-20261123-000017.jsonl"; 0 when it is not one of ours.
std::uint64_t number_in(const std::string& name, const RollingFile::Series& series) {
    const std::size_t end = name.size() - series.suffix.size();
    const std::size_t dash = name.rfind('-', end);
    if (dash == std::string::npos) return 0;
    std::uint64_t number = 0;
    const auto read = std::from_chars(name.data() + dash + 1, name.data() + end, number);
    return read.ptr == name.data() + end ? number : 0;
}

// "20261123", in UTC like all times of the records.
std::string date_of(WallTime now) {
    const std::string iso = to_iso_text(now);
    return iso.substr(0, 4) + iso.substr(5, 2) + iso.substr(8, 2);
}

}  // namespace

Result<std::vector<std::string>> RollingFile::append(std::string_view text, WallTime now) {
    if (!continued_) {
        if (auto done = continue_series(); !done) return std::move(done).error();
    }
    if (!file_ && !path_.empty()) {
        if (auto done = reopen(); !done) return std::move(done).error();
    }
    if (!file_ || (file_->size() > 0 && file_->size() + text.size() > series_.max_file_size)) {
        if (auto done = begin_next(now); !done) return std::move(done).error();
    }
    auto written = file_->append(text);
    if (!written && written.error().kind == ErrorKind::gone) {
        if (auto done = begin_next(now); !done) return std::move(done).error();
        written = file_->append(text);
    }
    if (!written) {
        // Not only the disk may be full: the handle may be one that nothing can be written to any more.
        file_.reset();
        return std::move(written).error();
    }
    whole_ = file_->size();
    if (!std::exchange(too_many_, false)) return std::vector<std::string>();
    return delete_oldest();
}

Result<void> RollingFile::reopen() {
    auto file = files_.open_append(path_);
    if (!file) return std::move(file).error();
    if ((*file)->size() == whole_) {
        file_ = std::move(file).value();
    } else {
        path_.clear();
    }
    return {};
}

Result<void> RollingFile::open(std::string path) {
    auto file = files_.open_append(path);
    if (!file) return std::move(file).error();
    file_ = std::move(file).value();
    path_ = std::move(path);
    whole_ = file_->size();
    return {};
}

Result<void> RollingFile::continue_series() {
    auto present = list_files(series_.folder, series_.prefix + "-", series_.suffix);
    if (!present) return std::move(present).error();
    const FolderEntry* newest = nullptr;
    for (const FolderEntry& entry : *present) {
        const std::uint64_t number = number_in(entry.name, series_);
        if (number < number_ || number == 0) continue;
        number_ = number;
        newest = &entry;
    }
    continued_ = true;
    if (newest == nullptr || newest->size >= series_.max_file_size) return {};
    std::string path = join_path(series_.folder, newest->name);
    if (newest->size > 0 && !ends_with_newline(path)) return {};
    return open(std::move(path));
}

Result<void> RollingFile::begin_next(WallTime now) {
    file_.reset();
    std::string number = std::to_string(number_ + 1);
    if (number.size() < kNumberDigits) number.insert(0, kNumberDigits - number.size(), '0');
    const std::string name = series_.prefix + "-" + date_of(now) + "-" + number + series_.suffix;
    if (auto done = open(join_path(series_.folder, name)); !done) return done;
    ++number_;
    too_many_ = true;
    return {};
}

std::vector<std::string> RollingFile::delete_oldest() const {
    std::vector<std::string> deleted;
    auto present = list_files(series_.folder, series_.prefix + "-", series_.suffix);
    if (!present) return deleted;
    for (const FolderEntry& entry : *present) {
        const std::uint64_t number = number_in(entry.name, series_);
        if (number == 0 || number + series_.max_files > number_) continue;
        // A reader may hold it in a way that forbids deletion; the next rotation tries again.
        if (remove_file(join_path(series_.folder, entry.name))) deleted.push_back(entry.name);
    }
    return deleted;
}

}  // namespace regwatch
