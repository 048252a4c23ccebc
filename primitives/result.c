/*
 * Result: the names.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/result.h>

const char *hd_result_name(enum hd_result result)
{
    switch (result) {
    case HD_OK:
        return "HD_OK";
    case HD_BUSY:
        return "HD_BUSY";
    case HD_TIMEOUT:
        return "HD_TIMEOUT";
    case HD_NOT_OWNER:
        return "HD_NOT_OWNER";
    case HD_OVERFLOW:
        return "HD_OVERFLOW";
    case HD_SHUTDOWN:
        return "HD_SHUTDOWN";
    case HD_BROKEN:
        return "HD_BROKEN";
    case HD_EMPTY:
        return "HD_EMPTY";
    case HD_FULL:
        return "HD_FULL";
    case HD_NO_MEMORY:
        return "HD_NO_MEMORY";
    case HD_INVALID:
        return "HD_INVALID";
    case HD_WOULD_DEADLOCK:
        return "HD_WOULD_DEADLOCK";
    }
    return "HD_UNKNOWN";
}
