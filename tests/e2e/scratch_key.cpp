#include "e2e/scratch_key.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "e2e/registry.h"
#include "win32/handle.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {
namespace {

win32::KeyHandle open(const std::string& path) {
    win32::KeyHandle key;
    REQUIRE(::RegCreateKeyExW(HKEY_LOCAL_MACHINE, below_root(path).c_str(), 0, nullptr, 0,
                              KEY_ALL_ACCESS, nullptr, key.receive(), nullptr) == ERROR_SUCCESS);
    return key;
}

bool write(const win32::KeyHandle& key, const std::wstring& value, DWORD number) {
    return ::RegSetValueExW(key.get(), value.c_str(), 0, REG_DWORD,
                            reinterpret_cast<const BYTE*>(&number), sizeof number) == ERROR_SUCCESS;
}

}  // namespace

ScratchKey::ScratchKey()
    : path_("HKLM\\SOFTWARE\\RegWatchTest-" + std::to_string(::GetCurrentProcessId())) {
    (void)open(path_);
}

ScratchKey::~ScratchKey() { ::RegDeleteTreeW(HKEY_LOCAL_MACHINE, below_root(path_).c_str()); }

void ScratchKey::create(const std::string& subkey) const { (void)open(path_ + "\\" + subkey); }

void ScratchKey::set(const std::string& subkey, const std::string& value, int number) const {
    REQUIRE(write(open(path_ + "\\" + subkey), win32::to_wide(value), static_cast<DWORD>(number)));
}

struct Writer::Parts {
    win32::KeyHandle key;
    std::atomic<int> written = 0;
    std::jthread thread;
};

Writer::Writer(const ScratchKey& key) : parts_(std::make_unique<Parts>()) {
    parts_->key = open(key.path());
    parts_->thread = std::jthread([parts = parts_.get()](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            if (write(parts->key, L"Busy", static_cast<DWORD>(parts->written))) ++parts->written;
        }
    });
}

Writer::~Writer() = default;

int Writer::written() const noexcept { return parts_->written; }

}  // namespace regwatch::e2e
