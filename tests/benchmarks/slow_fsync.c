/* Makes every flush to disk take as much longer as SLOW_FSYNC_MICROSECONDS says, as a disk in a
 * cloud does. Preloaded into PostgreSQL, and into every other store that is measured. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_longer(void) {
    const char *microseconds = getenv("SLOW_FSYNC_MICROSECONDS");
    long wanted = microseconds ? atol(microseconds) : 0;
    struct timespec left = {wanted / 1000000, wanted % 1000000 * 1000};
    while (nanosleep(&left, &left) == -1) {
    }
}

int fsync(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_longer();
    return real(descriptor);
}

int fdatasync(int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_longer();
    return real(descriptor);
}
