#include "platform/polled_files.h"

#include <utility>

#include "platform/folder.h"
#include "platform/strand.h"

namespace regwatch {
namespace {

class PolledWatch final : public FileWatch {
public:
    PolledWatch(const std::vector<std::string>& files, std::function<void()> on_change,
                Duration interval)
        : files_(files), on_change_(std::move(on_change)), interval_(interval) {}
    // The timer pokes the strand and the strand sets the timer: first no more turns.
    ~PolledWatch() override {
        if (strand_) strand_->close();
        timer_.reset();
    }

    Result<void> open(Executor& executor) {
        auto strand = Strand::create(executor, [this] { look(); });
        if (!strand) return std::move(strand).error();
        strand_ = std::move(strand).value();
        auto timer = executor.create_timer([this] { strand_->poke(); });
        if (!timer) return std::move(timer).error();
        timer_ = std::move(timer).value();
        stamps_ = stamps_of(files_);
        timer_->set(interval_);
        return {};
    }

private:
    void look() {
        auto now = stamps_of(files_);
        if (now != stamps_) {
            stamps_ = std::move(now);
            on_change_();
        }
        timer_->set(interval_);
    }

    const std::vector<std::string> files_;
    const std::function<void()> on_change_;
    const Duration interval_;
    std::vector<FileStamp> stamps_;  // strand only, once open

    std::unique_ptr<Strand> strand_;
    std::unique_ptr<Timer> timer_;
};

}  // namespace

Result<std::unique_ptr<FileWatch>> PolledFiles::watch(const std::vector<std::string>& files,
                                                      std::function<void()> on_change) {
    auto watch = std::make_unique<PolledWatch>(files, std::move(on_change), interval_);
    if (auto opened = watch->open(executor_); !opened) return std::move(opened).error();
    return std::unique_ptr<FileWatch>(std::move(watch));
}

}  // namespace regwatch
