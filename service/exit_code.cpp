#include "service/exit_code.h"

namespace regwatch {

const char* doing(StartStep step) noexcept {
    switch (step) {
        case StartStep::data_directory:
            return "preparing the data directory";
        case StartStep::reading_config:
            return "reading the configuration";
        case StartStep::checking_config:
            return "checking the configuration";
        case StartStep::setting_up:
            return "setting up the actions and the watches";
        case StartStep::internal:
            break;
    }
    return "starting";
}

ExitCode exit_code_of(StartStep step) noexcept {
    switch (step) {
        case StartStep::data_directory:
            return ExitCode::data_directory_unusable;
        case StartStep::reading_config:
            return ExitCode::config_unreadable;
        case StartStep::checking_config:
            return ExitCode::config_invalid;
        case StartStep::setting_up:
            return ExitCode::setup_failed;
        case StartStep::internal:
            break;
    }
    return ExitCode::failure;
}

}  // namespace regwatch
