const QUERY: &str = r#"
    SELECT name, kind
    FROM station
"#;
const PLAIN: &str = r"Dear reader,";
