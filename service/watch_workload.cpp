#include "service/watch_workload.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "change/json.h"

namespace regwatch {
namespace {

constexpr const char* kName = "watch";

KeyPath resolved(KeyPath key, const std::string& own_hive) {
    if (key.root != Root::current_user) return key;
    const std::u16string below = std::move(key.subkey);
    key.root = Root::users;
    key.subkey = std::u16string(own_hive.begin(), own_hive.end());
    if (!below.empty()) key.subkey += u"\\" + below;
    return key;
}

// The first line of --json: the keys, and where each stands.
std::string json_head(const EngineStatus& status) {
    nlohmann::ordered_json keys = nlohmann::ordered_json::array();
    for (const WatchStatus& watch : status.watches) {
        nlohmann::ordered_json key = {{"key", watch.key}, {"state", name_of(watch.state)}};
        if (!watch.error.empty()) key["error"] = watch.error;
        keys.push_back(std::move(key));
    }
    const nlohmann::ordered_json head = {
        {"event", {{"kind", "state"}, {"action", "watching"}, {"provider", "RegWatch"}}},
        {"regwatch", {{"watching", std::move(keys)}}},
    };
    return head.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

Result<Settings> watch_settings(const WatchCommand& command, const std::string& own_hive) {
    WatchSettings watch;
    watch.name = kName;
    watch.recursive = command.recursive;
    watch.actions = {kName};
    for (const std::string& text : command.keys) {
        auto keys = KeyPath::parse_all(text, command.view);
        if (!keys) return std::move(keys).error();
        for (KeyPath& key : *keys) watch.keys.push_back(resolved(std::move(key), own_hive));
    }
    Settings settings;
    settings.watches.push_back(std::move(watch));
    return settings;
}

// Knows whether the head was printed. Any thread.
class WatchWorkload::Printer {
public:
    explicit Printer(WatchOutput output) : output_(std::move(output)) {}

    void print_head(const EngineStatus& status) {
        if (output_.json) print(json_head(status));
        open();
    }

    // Lets everything through; for the head, and for a stop that comes before it.
    void open() REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        open_ = true;
        opened_.notify_all();
    }

    void wait_until_open() REGWATCH_EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        while (!open_) opened_.wait(mutex_);
    }

    bool print(const Change& change) {
        return print((output_.json ? to_json_line(change, {output_.host_name})
                                   : to_line(change, output_.colour)) +
                     "\n");
    }

private:
    bool print(const std::string& line) REGWATCH_EXCLUDES(mutex_) {
        if (output_.write(line)) return true;
        {
            const Lock lock(mutex_);
            if (std::exchange(gone_, true)) return false;
        }
        output_.on_output_gone();
        return false;
    }

    const WatchOutput output_;

    Mutex mutex_;
    Condition opened_;
    bool open_ REGWATCH_GUARDED_BY(mutex_) = false;
    bool gone_ REGWATCH_GUARDED_BY(mutex_) = false;
};

class WatchWorkload::PrintAction : public Action {
public:
    explicit PrintAction(std::shared_ptr<Printer> printer) : printer_(std::move(printer)) {}

    std::optional<ActionFailure> deliver(const Change& change) override {
        printer_->wait_until_open();
        if (printer_->print(change)) return std::nullopt;
        return ActionFailure{EventId::log_not_written, "the output is closed."};
    }
    void cancel() noexcept override { printer_->open(); }

private:
    const std::shared_ptr<Printer> printer_;
};

WatchWorkload::WatchWorkload(Settings settings, WatchOutput output, Platform& platform)
    : settings_(std::move(settings)),
      platform_(platform),
      printer_(std::make_shared<Printer>(std::move(output))) {}

WatchWorkload::~WatchWorkload() = default;

std::optional<StartFailure> WatchWorkload::start(const std::function<void()>& step_done) {
    EngineOptions options;
    options.ready_made_actions[kName] = std::make_unique<PrintAction>(printer_);
    auto failure = runner_.start(settings_, std::move(options), platform_, step_done);
    if (!failure && !runner_.stop_requested()) printer_->print_head(runner_.status());
    return failure;
}

void WatchWorkload::stop(Duration deadline) {
    printer_->open();
    (void)runner_.stop(deadline);
}

}  // namespace regwatch
