// Every case begins without the data of the one before: on a real Windows all of them use the same
// data directory. That of an installed RegWatch is left alone; the cases then cannot create theirs.
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>

#include <filesystem>

#include "e2e/records.h"
#include "e2e/service.h"

namespace regwatch::e2e {
namespace {

class FreshStart : public Catch::EventListenerBase {
public:
    using EventListenerBase::EventListenerBase;

    void testCaseStarting(const Catch::TestCaseInfo&) override {
        if (service_status("RegWatch").state != 0) return;
        std::error_code ignored;
        std::filesystem::remove_all(data_folder(), ignored);
    }
};

CATCH_REGISTER_LISTENER(FreshStart)

}  // namespace
}  // namespace regwatch::e2e
