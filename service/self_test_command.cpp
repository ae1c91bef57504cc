#include <memory>
#include <string>

#include "service/self_test.h"
#include "service/service_control.h"
#include "service/state_folder.h"
#include "state/sqlite_store.h"
#include "win32/clock.h"
#include "win32/registry.h"
#include "win32/registry_writer.h"
#include "win32/windows.h"

namespace regwatch {
namespace {

constexpr DWORD kPauseMilliseconds = 50;

Finding cannot(std::string found, std::string repair) {
    return {"self_test", Health::bad, std::move(found), std::move(repair)};
}

// Of this process, at this moment.
std::string new_mark(const Clock& clock) {
    return std::to_string(GetCurrentProcessId()) + "-" +
           std::to_string(clock.wall_now().time_since_epoch().count());
}

}  // namespace

Finding test_self(const DoctorContext& context) {
    const auto now = ask_service(context.options.service_name);
    if (!now || now->state != SERVICE_RUNNING)
        return cannot("The self-test needs the service, which does not run.", "regwatch start");
    const win32::SystemClock clock;
    SqliteStore::Options wanted;
    wanted.folder = state_folder(context.places.data_directory);
    wanted.access = SqliteStore::Access::read;
    SqliteStore store(std::move(wanted), clock);
    auto registry = win32::SystemRegistry::create();
    auto writer = win32::SystemRegistryWriter::create();
    if (!registry || !writer)
        return cannot("The registry cannot be used: " +
                          (registry ? writer.error() : registry.error()).text() + ".",
                      {});
    return run_self_test({**writer, **registry, store, clock, [] { Sleep(kPauseMilliseconds); }},
                         new_mark(clock));
}

}  // namespace regwatch
