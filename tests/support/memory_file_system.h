// FileSystem for tests: files are strings, disks are full when the test says so. Any thread.
//
// A file that is renamed or removed while it is open goes on taking what is appended, as a real one
// does. Must outlive its open files.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/sync.h"
#include "platform/append_file.h"

namespace regwatch::test {

class MemoryFileSystem final : public FileSystem {
public:
    // Knows %ProgramData% and no other variable.
    Result<std::string> expand(const std::string& path) override {
        constexpr std::string_view kKnown = "%ProgramData%";
        if (path.find('%') == path.npos) return path;
        if (path.starts_with(kKnown)) return "/program-data" + path.substr(kKnown.size());
        return Error{ErrorKind::not_found, 0, "expanding the variables in", path, "there is none"};
    }
    Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override {
        Lock lock(mutex_);
        if (open_error_) return *open_error_;
        auto& content = files_[path];
        if (content == nullptr) content = std::make_shared<std::string>();
        return std::unique_ptr<AppendFile>(std::make_unique<OpenFile>(*this, content));
    }

    // Until told otherwise, opening or appending fails with this. Nothing: it succeeds.
    void fail_open(std::optional<Error> error) {
        Lock lock(mutex_);
        open_error_ = std::move(error);
    }
    // `torn`: how many bytes get there all the same.
    void fail_append(std::optional<Error> error, std::size_t torn = 0) {
        Lock lock(mutex_);
        append_error_ = std::move(error);
        torn_ = torn;
    }

    // Nothing: there is no such file.
    [[nodiscard]] std::optional<std::string> content(const std::string& path) const {
        Lock lock(mutex_);
        const auto found = files_.find(path);
        if (found == files_.end()) return std::nullopt;
        return *found->second;
    }
    [[nodiscard]] std::vector<std::string> paths() const {
        Lock lock(mutex_);
        std::vector<std::string> paths;
        for (const auto& [path, content] : files_) paths.push_back(path);
        return paths;
    }
    // How often something was appended.
    [[nodiscard]] std::size_t appends() const {
        Lock lock(mutex_);
        return appends_;
    }
    void remove(const std::string& path) {
        Lock lock(mutex_);
        files_.erase(path);
    }
    void rename(const std::string& from, const std::string& to) {
        Lock lock(mutex_);
        auto node = files_.extract(from);
        if (!node.empty()) files_[to] = std::move(node.mapped());
    }

private:
    // Shared, because the name may go while the file is open.
    using Content = std::shared_ptr<std::string>;

    class OpenFile final : public AppendFile {
    public:
        OpenFile(MemoryFileSystem& system, Content content)
            : system_(system), content_(std::move(content)) {}

        Result<void> append(std::string_view bytes) override {
            Lock lock(system_.mutex_);
            if (system_.append_error_) {
                content_->append(bytes.substr(0, system_.torn_));
                return *system_.append_error_;
            }
            ++system_.appends_;
            content_->append(bytes);
            return {};
        }
        [[nodiscard]] std::uint64_t size() const noexcept override {
            Lock lock(system_.mutex_);
            return content_->size();
        }

    private:
        MemoryFileSystem& system_;
        const Content content_;
    };

    mutable Mutex mutex_;
    std::map<std::string, Content> files_ REGWATCH_GUARDED_BY(mutex_);
    std::optional<Error> open_error_ REGWATCH_GUARDED_BY(mutex_);
    std::optional<Error> append_error_ REGWATCH_GUARDED_BY(mutex_);
    std::size_t torn_ REGWATCH_GUARDED_BY(mutex_) = 0;
    std::size_t appends_ REGWATCH_GUARDED_BY(mutex_) = 0;
};

}  // namespace regwatch::test
