"""The real world: one file or folder per vendor. None knows another."""
