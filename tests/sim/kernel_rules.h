// In what the two kernels differ, one rule a line. The ones that are "open" are not promised by
// anybody's documentation: the explorer tries both.
//
// Sources: the pages of RegNotifyChangeKeyValue, SetThreadpoolWait and WaitForThreadpoolWaitCallbacks;
// Wine 8's server/registry.c and dlls/ntdll/threadpool.c, and measurements under Wine 8. The contract
// suite (tests/contract/differences.h) names the same differences.
#pragma once

namespace regwatch::sim {

enum class Behaviour { never, always, open };

struct KernelRules {
    const char* name = "";

    // A change that comes while a handle has no registration signals its next one.
    Behaviour interim_change_signals = Behaviour::never;
    // Deleting a key signals those who are registered on the key itself.
    Behaviour deletion_signals = Behaviour::never;
    // Writing a value that is there already, with the same data.
    Behaviour same_data_signals = Behaviour::never;
    // A new owner or new permissions signal whoever watches the key.
    Behaviour security_signals = Behaviour::never;
    // Renaming a key signals those who are registered on its parent ...
    Behaviour rename_signals_parent = Behaviour::never;
    // ... and those who are registered on the key itself.
    Behaviour rename_signals_key = Behaviour::never;
    // The end of a thread signals every registration made on it.
    Behaviour thread_end_signals = Behaviour::never;
    // A callback that drain() should have dropped runs after drain() has returned.
    Behaviour late_callback = Behaviour::never;

    // The system's own name of a key is in another case than the list of its parent's subkeys: it keeps
    // one text for all keys of a name, wherever they are. No schedule depends on it, so off by default.
    bool native_names_in_upper_case = false;

    // Enumerations are made entry by entry, so that a change can come in between. Off by default,
    // because each entry is one more switch point.
    bool torn_reads = false;
};

[[nodiscard]] constexpr KernelRules windows_rules() {
    KernelRules rules;
    rules.name = "Windows";
    rules.interim_change_signals = Behaviour::open;  // documented up to XP, the bit is still there
    rules.deletion_signals = Behaviour::always;
    rules.same_data_signals = Behaviour::open;
    rules.security_signals = Behaviour::always;
    rules.rename_signals_parent = Behaviour::open;
    rules.rename_signals_key = Behaviour::open;
    rules.thread_end_signals = Behaviour::open;  // not for those made thread-agnostic
    return rules;
}

[[nodiscard]] constexpr KernelRules wine_rules() {
    KernelRules rules;
    rules.name = "Wine";
    rules.rename_signals_key = Behaviour::always;
    rules.late_callback = Behaviour::open;
    return rules;
}

}  // namespace regwatch::sim
