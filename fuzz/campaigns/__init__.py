"""What a campaign is made of: one noun a module. `fuzz/campaign` is the command.

SPDX-License-Identifier: MIT
"""
