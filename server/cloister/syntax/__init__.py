"""The only place that knows tree-sitter: languages, trees and our queries on them."""
