/*
 * Semaphores: what those with names (semaphore_named.c) need of those without.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_SEMAPHORE_H
#define HEDDLE_ENGINE_HOOKS_SEMAPHORE_H

#include <semaphore.h>
#include <stdint.h>

/* Its memory says that it is a semaphore, or that it is none any more. */
void hde_semaphore_begins(sem_t *semaphore);
void hde_semaphore_ends(sem_t *semaphore, uint32_t pc);

/* For who returns -1 and sets errno if there is an error. */
int hde_semaphore_status(int error);

#endif
