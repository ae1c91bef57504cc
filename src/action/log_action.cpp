#include "action/actions.h"
#include "action/rolling_file.h"
#include "change/json.h"
#include "platform/folder.h"

namespace regwatch {
namespace {

class LogAction final : public Action {
public:
    LogAction(RollingFile file, RecordContext context, Clock& clock)
        : file_(std::move(file)), context_(std::move(context)), clock_(clock) {}

    std::optional<ActionFailure> deliver(const Change& change) override {
        const auto written = file_.append(to_json_line(change, context_) + "\n", clock_.wall_now());
        if (written) return std::nullopt;
        return ActionFailure{EventId::log_not_written, written.error().text() + ".",
                             written.error().kind == ErrorKind::transient};
    }

private:
    RollingFile file_;
    const RecordContext context_;
    Clock& clock_;
};

}  // namespace

Result<std::string> log_folder(const LogSettings& settings, const ActionContext& context,
                               FileSystem& files) {
    if (settings.folder.empty()) return join_path(context.data_directory, "logs");
    return files.expand(settings.folder);
}

std::unique_ptr<Action> make_log_action(const LogSettings& settings, std::string folder,
                                        const ActionContext& context, FileSystem& files,
                                        Clock& clock) {
    RollingFile::Series series{std::move(folder), "events", ".jsonl", settings.max_file_size,
                               settings.max_files};
    return std::make_unique<LogAction>(RollingFile(files, std::move(series)),
                                       RecordContext{context.host_name}, clock);
}

}  // namespace regwatch
