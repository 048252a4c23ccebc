/*
 * Barrier operations: see barrier_operations.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz/operations/barrier_operations.h"

#include <heddle/check.h>
#include <heddle/history.h>

static void wait(struct hd_barrier_operations *shared, unsigned self)
{
    bool is_numbered = (shared->adapter->can & HD_CAN_NUMBER) != 0;
    uint32_t index = 0;

    hd_history_call(shared->barrier, HD_OP_WAIT, 0);
    enum hd_result result = shared->adapter->wait(shared->barrier, self, &index); /* finding */

    hd_history_return(shared->barrier, (int)result, /* finding */
                      is_numbered ? index : HD_VALUE_UNKNOWN);
    HD_EXPECT(result == HD_OK);
}

static void run(struct hd_barrier_operations *shared, unsigned self)
{
    if (self >= shared->parties) {
        return;
    }
    for (uint32_t round = 0; round < shared->rounds; round++) {
        shared->written[round][self] = 1; /* finding */
        wait(shared, self);
        for (unsigned other = 0; other < shared->parties; other++) {
            HD_EXPECT(shared->written[round][other] == 1); /* finding */
        }
    }
    if (self == shared->destroyer) {
        shared->adapter->destroy(shared->barrier);
    }
}

void hd_barrier_operations_0(void *state) { run(state, 0); }

void hd_barrier_operations_1(void *state) { run(state, 1); }

void hd_barrier_operations_2(void *state) { run(state, 2); }

void hd_barrier_operations_3(void *state) { run(state, 3); }

void hd_barrier_operations_begin(void *state, const struct hd_barrier_adapter *adapter)
{
    struct hd_barrier_operations *shared = state;

    shared->adapter = adapter;
    shared->parties = 2 + hd_choose(HD_THREADS_MAX - 1);
    shared->rounds = 1 + hd_choose(HD_ROUNDS_MAX);
    shared->destroyer = shared->parties;
    if ((adapter->can & HD_CAN_BLOCK) != 0) {
        shared->destroyer = hd_choose(shared->parties + 1);
    }
    shared->barrier = adapter->create(shared->parties);
    hd_history_begin(shared->barrier, &hd_specification_barrier, shared->parties);
}

void hd_barrier_operations_check(const void *state)
{
    const struct hd_barrier_operations *shared = state;

    if (shared->destroyer == shared->parties) {
        shared->adapter->destroy(shared->barrier);
    }
}
