/*
 * Identity: the variable whose address it is.
 *
 * SPDX-License-Identifier: MIT
 */
#include "primitives/identity.h"

_Thread_local char hd_identity_anchor;
