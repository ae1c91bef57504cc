// The keys of a simulated registry: a tree of names, values, times and marks. No rules in here.
//
// Not synchronised: the kernel guards it. Shared by the handles that are open on them, which is how a
// deleted key goes on existing for whoever holds it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "registry/key_path.h"
#include "registry/snapshot.h"
#include "registry/value.h"
#include "sim/notification.h"

namespace regwatch::sim {

struct Node {
    std::u16string name;
    Node* parent = nullptr;  // null: a root, or deleted
    WallTime last_write{};
    std::vector<Value> values;                                // in the order of their creation
    std::map<std::u16string, std::shared_ptr<Node>> subkeys;  // by folded name
    bool deleted = false;
    std::optional<ErrorKind> refusal;                 // how opening it fails, if it does
    std::string security = "O:SYG:SYD:(A;;KA;;;SY)";  // empty: may not be read
    std::vector<Registration*> handles;

    [[nodiscard]] Value* find_value(std::u16string_view value_name);
};

using NodePtr = std::shared_ptr<Node>;

// The names from a root to a key, as they are really kept: keys of the 32-bit view lie below
// SOFTWARE\WOW6432Node.
[[nodiscard]] std::vector<std::u16string> physical_names(const KeyPath& path);
[[nodiscard]] std::vector<std::u16string> split(std::u16string_view path);

class KeyTree {
public:
    KeyTree();

    [[nodiscard]] NodePtr root(const KeyPath& path) const;
    // Null when there is no such key.
    [[nodiscard]] NodePtr find(const KeyPath& path) const;
    [[nodiscard]] static NodePtr find_below(const NodePtr& node,
                                            const std::vector<std::u16string>& names);
    // "\REGISTRY\MACHINE\SOFTWARE\Example"
    [[nodiscard]] static std::u16string native_name(const Node& node);
    [[nodiscard]] static Snapshot look(const Node& node, bool recursive);

    template <class Visit>
    void for_each_handle(Visit visit) const {
        for_each_handle(*machine_, visit);
        for_each_handle(*users_, visit);
    }
    template <class Visit>
    static void for_each_handle_below(const Node& node, Visit visit) {
        for_each_handle(node, visit);
    }

private:
    template <class Visit>
    static void for_each_handle(const Node& node, Visit& visit) {
        for (Registration* handle : node.handles) visit(*handle);
        for (const auto& [name, below] : node.subkeys) for_each_handle(*below, visit);
    }

    NodePtr machine_;
    NodePtr users_;
};

}  // namespace regwatch::sim
