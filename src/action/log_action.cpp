#include "action/actions.h"
#include "action/rolling_file.h"
#include "change/json.h"
#include "platform/folder.h"

namespace regwatch {
namespace {

class LogAction final : public Action {
public:
    LogAction(std::string name, std::string folder, const LogSettings& settings,
              RecordContext context, const LogPorts& ports)
        : name_(std::move(name)),
          max_files_(settings.max_files),
          context_(std::move(context)),
          clock_(ports.clock),
          journal_(ports.journal),
          file_(ports.files, {std::move(folder), "events", ".jsonl", settings.max_file_size,
                              settings.max_files}) {}

    std::optional<ActionFailure> deliver(const Change& change) override {
        const auto written = file_.append(to_json_line(change, context_) + "\n", clock_.wall_now());
        if (written) {
            if (!written->empty()) tell_of_deleted(*written);
            return std::nullopt;
        }
        return ActionFailure{EventId::log_not_written, written.error().text() + ".",
                             written.error().kind == ErrorKind::transient};
    }

private:
    // Of each time, not summed up: it is once for a whole file of records.
    void tell_of_deleted(const std::vector<std::string>& names) const {
        journal_.write(
            {EventId::log_files_deleted,
             {name_, std::to_string(names.size()), names.back(), std::to_string(max_files_)}});
    }

    const std::string name_;
    const std::uint32_t max_files_;
    const RecordContext context_;
    Clock& clock_;
    Journal& journal_;
    RollingFile file_;
};

}  // namespace

Result<std::string> log_folder(const LogSettings& settings, const ActionContext& context,
                               FileSystem& files) {
    if (settings.folder.empty()) return join_path(context.data_directory, "logs");
    return files.expand(settings.folder);
}

std::unique_ptr<Action> make_log_action(const LogSettings& settings, const std::string& name,
                                        std::string folder, const ActionContext& context,
                                        const LogPorts& ports) {
    return std::make_unique<LogAction>(name, std::move(folder), settings,
                                       RecordContext{context.host_name}, ports);
}

}  // namespace regwatch
