// From what a config says about an action to the action itself.
//
// Called by the engine once per action, on its owner's thread.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "delivery/action.h"
#include "delivery/paced_action.h"
#include "platform/platform.h"
#include "settings/settings.h"

namespace regwatch {

class GivenUpList;
class WritingTime;

// What an action must know that is not in its settings.
struct ActionContext {
    std::string data_directory;  // UTF-8, absolute
    std::string host_name;
    std::shared_ptr<const MuteBoard> mutes{};  // null: nothing is ever muted
    // These outlive the actions.
    SharedRateLimit* limit_in_all = nullptr;  // null: there is none
    LeftOutKeeper* left_out = nullptr;        // null: nothing is kept
    WritingTime* writing = nullptr;           // null: it is always time
    GivenUpList* given_up = nullptr;          // null: nobody asks
};

// Does what its settings say, at once and once. Fails where they cannot hold on this machine.
Result<std::unique_ptr<Action>> make_bare_action(const ActionSettings& settings,
                                                 const ActionContext& context, Platform& platform);
// With all that is done around it: pacing, then trying again. Fails for want of memory too.
Result<std::unique_ptr<Action>> make_action(const ActionSettings& settings,
                                            const ActionContext& context, Platform& platform);

}  // namespace regwatch
