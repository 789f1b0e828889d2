//! `Debug` hides the fields that a schema marks with `debug_redact`.

#[test]
fn redacted_fields_are_not_shown() {
    use golden::cases::debug_redact::demo::v1::{Login, login::Second};
    #[allow(deprecated)]
    let login = Login {
        name: "ada".to_owned(),
        password: "secret".to_owned(),
        old_password: "secret".to_owned(),
        second: Some(Second::Code(b"secret".to_vec())),
        ..Login::default()
    };
    let shown = format!("{login:?}");
    assert!(shown.contains("ada") && shown.contains("Code(\"[REDACTED]\")"), "{shown}");
    assert!(!shown.contains("secret") && !shown.contains("115"), "{shown}");
}
