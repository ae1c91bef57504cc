// A key of the test's own, named with its process id, and what a test does to it.
//
// Below HKLM\SOFTWARE, because the service is another user on a real Windows. Removed at the end.
#pragma once

#include <memory>
#include <string>

namespace regwatch::e2e {

class ScratchKey {
public:
    ScratchKey();
    ~ScratchKey();
    ScratchKey(const ScratchKey&) = delete;
    ScratchKey& operator=(const ScratchKey&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }  // "HKLM\SOFTWARE\…"
    // Directly, where a reg.exe for each would take minutes.
    void create(const std::string& subkey) const;
    void set(const std::string& subkey, const std::string& value, int number) const;

private:
    std::string path_;
};

// Another thread that writes different numbers to one value of the key, as fast as it can.
class Writer {
public:
    explicit Writer(const ScratchKey& key);
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    [[nodiscard]] int written() const noexcept;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace regwatch::e2e
