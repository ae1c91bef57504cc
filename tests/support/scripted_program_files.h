// ProgramFiles for tests: every file is there and safe, unless the test has written otherwise.
//
// Any thread.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/sync.h"
#include "platform/program_files.h"

namespace regwatch::test {

class ScriptedProgramFiles final : public ProgramFiles {
public:
    static constexpr const char* kSafe = "O:BAG:SYD:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x1200a9;;;BU)";

    // Of the file itself; its folder and those above it are safe.
    void set_sddl(std::string sddl) {
        const Lock lock(mutex_);
        sddl_ = std::move(sddl);
    }
    // Of whatever places_of() is asked.
    void set_other_sddl(std::string sddl) {
        const Lock lock(mutex_);
        other_sddl_ = std::move(sddl);
    }
    void set_hash(std::string hash) {
        const Lock lock(mutex_);
        hash_ = std::move(hash);
    }
    void refuse_to_hold(std::optional<Error> error) {
        const Lock lock(mutex_);
        error_ = std::move(error);
    }
    void have_no_owners(std::string why) {
        const Lock lock(mutex_);
        no_owners_ = std::move(why);
    }

    Result<std::unique_ptr<HeldFile>> hold(const std::string& path) override {
        const Lock lock(mutex_);
        if (error_) return *error_;
        return std::unique_ptr<HeldFile>(
            std::make_unique<Held>(final_path_.empty() ? path : final_path_, sddl_, hash_));
    }
    Result<std::vector<SecuredPlace>> places_of(const std::string& path) override {
        const Lock lock(mutex_);
        if (std::find(missing_.begin(), missing_.end(), path) != missing_.end())
            return Error{ErrorKind::not_found, 2, "asking for the owner of", path, "there is none"};
        return std::vector<SecuredPlace>{{path, other_sddl_}, {"C:\\", kSafe}};
    }
    void have_none_of(std::vector<std::string> paths) {
        const Lock lock(mutex_);
        missing_ = std::move(paths);
    }
    // Where a link on the way leads.
    void have_links_lead_to(std::string path) {
        const Lock lock(mutex_);
        final_path_ = std::move(path);
    }
    [[nodiscard]] std::string no_owners_because() const override {
        const Lock lock(mutex_);
        return no_owners_;
    }

private:
    class Held final : public HeldFile {
    public:
        Held(std::string path, std::string sddl, std::string hash)
            : path_(std::move(path)), sddl_(std::move(sddl)), hash_(std::move(hash)) {}
        [[nodiscard]] std::string path() const override { return path_; }
        Result<std::vector<SecuredPlace>> places() override {
            return std::vector<SecuredPlace>{{path_, sddl_}, {"C:\\Ops", kSafe}, {"C:\\", kSafe}};
        }
        Result<std::string> sha256() override { return hash_; }

    private:
        const std::string path_;
        const std::string sddl_;
        const std::string hash_;
    };

    mutable Mutex mutex_;
    std::string sddl_ REGWATCH_GUARDED_BY(mutex_) = kSafe;
    std::string other_sddl_ REGWATCH_GUARDED_BY(mutex_) = kSafe;
    std::string final_path_ REGWATCH_GUARDED_BY(mutex_);
    std::string hash_ REGWATCH_GUARDED_BY(mutex_) = std::string(64, '0');
    std::string no_owners_ REGWATCH_GUARDED_BY(mutex_);
    std::vector<std::string> missing_ REGWATCH_GUARDED_BY(mutex_);
    std::optional<Error> error_ REGWATCH_GUARDED_BY(mutex_);
};

}  // namespace regwatch::test
