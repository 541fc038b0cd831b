"""Benchmarks, one package each, and the models of realistic sizes that they need."""
