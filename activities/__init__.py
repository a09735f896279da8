"""How we touch the world: one class per port, called by workflows. Vendor SDKs are out of reach from here."""
