#include "platform/accounts.h"

#include "text/fold.h"

namespace regwatch {

// "_Classes" is the second hive of the same user.
std::string owner_of_hive(Accounts* accounts, const KeyPath& key) {
    if (accounts == nullptr || key.root != Root::users) return {};
    constexpr std::u16string_view kCompanion = u"_Classes";
    std::u16string_view sid = key.subkey;
    sid = sid.substr(0, sid.find(u'\\'));
    if (sid.size() > kCompanion.size() &&
        equal_folded(sid.substr(sid.size() - kCompanion.size()), kCompanion)) {
        sid.remove_suffix(kCompanion.size());
    }
    return sid.empty() ? std::string() : accounts->name_of(sid);
}

}  // namespace regwatch
