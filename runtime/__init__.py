"""Assembly: settings, the container, the gateway to Temporal, the embedded stack, the command line.

The only importer of adapters.
"""
