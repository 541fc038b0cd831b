import pytest

from train.licences import is_permissive, licence_of_metadata, licence_of_text


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", True),
        ("Apache-2.0 AND MIT", True),
        ("Apache-2.0 OR GPL-2.0-only", True),
        ("(MIT OR GPL-3.0-only) AND BSD-3-Clause", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("MIT AND GPL-3.0-only", False),
        ("MPL-2.0", False),
        ("LicenseRef-Proprietary", False),
        ("", False),
    ],
)
def test_an_expression_is_permissive_when_one_may_choose_so(
    expression: str, *, expected: bool
) -> None:
    assert is_permissive(expression) is expected


@pytest.mark.parametrize(
    ("expression", "classifiers", "name", "expected"),
    [
        ("BSD-3-Clause", (), "", "BSD-3-Clause"),
        ("GPL-3.0-only", ["License :: OSI Approved :: MIT License"], "", ""),
        ("", ["License :: OSI Approved :: MIT License"], "", "MIT"),
        ("", ["License :: OSI Approved"], "Apache 2.0", "Apache-2.0"),
        (
            "",
            ["License :: OSI Approved :: MIT License", "License :: OSI Approved :: LGPLv3 (LGPL)"],
            "",
            "",
        ),
        ("", ["Programming Language :: Python"], "", ""),
    ],
)
def test_metadata_states_a_licence(
    expression: str, classifiers: list[str], name: str, expected: str
) -> None:
    assert licence_of_metadata(expression, classifiers, name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Permission is hereby granted, free of charge, to any person", "MIT"),
        ("Apache License\nVersion 2.0, January 2004", "Apache-2.0"),
        ("Redistribution and use in source and binary forms, with or without", "BSD"),
        ("GNU GENERAL PUBLIC LICENSE Version 3. Permission is hereby granted", ""),
        ("Business Source License 1.1", ""),
        ("All rights reserved.", ""),
    ],
)
def test_a_licence_file_is_recognised(text: str, expected: str) -> None:
    assert licence_of_text(text) == expected
