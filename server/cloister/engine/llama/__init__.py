"""The only place that knows llama.cpp, through llama-cpp-python's low-level interface.

The high-level one redirects the process's output, samples in Python and knows no infilling markers.
llama.cpp is not thread-safe: a model is opened on one thread and then used on one. Only the bytes
of tokens leave this package as text.
"""
