(alias (alias_name) @reference.name)
