//! Texts with passwords in them, and texts without.

use super::find;

fn passwords(text: &str) -> Vec<&str> {
    let found = find(text).into_iter();
    found.map(|one| &text[one.range]).collect()
}

#[test]
fn assignments() {
    for (text, expected) in [
        ("root=/dev/xvda1 ro quiet", &[][..]),
        ("ro password=a;b&c quiet", &["a;b&c"]),
        ("rootpw=x passwd='a b' y", &["x", "a b"]),
        ("{\"password\": \"a\\\"b\", \"user\": \"c\"}", &["a\\\"b"]),
        ("#cloud-config\npassword: a b c\nuser: d", &["a b c"]),
        ("passphrase=\"x\"y z", &["\"x\"y"]),
        ("password='open", &["open"]),
        ("token: \"a\"b c", &["\"a\"b c"]),
        ("password=", &[]),
        ("password:", &[]),
        ("password_timeout=5", &[]),
        ("my.api_key = k", &["k"]),
        ("wpa_psk=k vm-data/pw=l", &["k", "l"]),
        ("Authorization: Bearer a b", &["Bearer a b"]),
        ("étoken=é", &["é"]),
        ("=:=://:@", &[]),
    ] {
        assert_eq!(passwords(text), expected, "{text}");
    }
}

#[test]
fn values_on_the_lines_below() {
    for (text, expected) in [
        ("{\"password\":\n \"x\", \"user\": \"c\"}", &["x"][..]),
        ("{\"password\":\n\"x\"\n}", &["x"]),
        ("password: |\n  a\n\n  b\nuser: c", &["a\n\n  b"]),
        ("- password: >-\n    a\n  user: c", &["a"]),
        ("password: |\nuser: c", &["|"]),
        (
            "chpasswd:\n  list: |\n    root:a\nx: y",
            &["list: |\n    root:a"],
        ),
        ("password: a\n  b\nuser: c", &["a\n  b"]),
        (
            "token: {\n\"a\": \"}\"\n}\nuser: c",
            &["{\n\"a\": \"}\"\n}"],
        ),
        ("password=\nuser=b", &[]),
        ("password:\nuser: b", &[]),
    ] {
        assert_eq!(passwords(text), expected, "{text}");
    }
}

#[test]
fn logins() {
    for (text, expected) in [
        ("ks=http://u:p@h/ks.cfg x", &["p"][..]),
        ("http://u:p/q@h/", &["p/q"]),
        ("http://h:80/a@b", &[]),
        ("http://u@h/", &[]),
        ("url=https://a:b:c@h token=d", &["b:c", "d"]),
        ("ro netroot=iscsi:u:p@10.0.0.1::3260::iqn.x", &["p"]),
        ("netroot=iscsi:u:p:ru:rp@10.0.0.1", &["p:ru:rp"]),
        ("netroot=iscsi:@10.0.0.1::3260", &[]),
        ("\"smb:u:p@h\"", &["p"]),
        ("u:p@h", &["p"]),
        (" u:p@q@h/x ", &["p@q"]),
        ("mailto:a@b", &[]),
        ("ask u:p@h", &[]),
        ("git@host:path", &[]),
        ("a@b.example", &[]),
    ] {
        assert_eq!(passwords(text), expected, "{text}");
    }
}

#[test]
fn what_follows_a_word() {
    for (text, expected) in [
        ("x --password a b", &["a"][..]),
        ("x -token 'a b' c", &["a b"]),
        ("x --password --force", &[]),
        ("x --password", &[]),
        ("x --password=a b", &["a"]),
        ("curl -u u:p http://h", &["p"]),
        ("curl --user \"u:p q\" http://h", &["p q"]),
        ("smbclient -U u%p //h/s", &["p"]),
        ("run -u 0:0 x", &[]),
        ("sort -u file", &[]),
        ("Bearer abc1", &["abc1"]),
        ("'Bearer abcdefghijklmnopqrst'", &["abcdefghijklmnopqrst"]),
        ("bearer of news", &[]),
        ("rocommunity x 10.0.0.0/8", &["x"]),
        ("rwcommunity6", &[]),
        ("community of users", &[]),
    ] {
        assert_eq!(passwords(text), expected, "{text}");
    }
}

#[test]
fn elements() {
    for (text, expected) in [
        (
            "<AdminPassword><Value>x y</Value></AdminPassword><a>b</a>",
            &["x y"][..],
        ),
        (
            "<Password><PlainText>true</PlainText><Value>x</Value></Password><a>b</a>",
            &["x"],
        ),
        ("<w:Password a='b'>\n x \n</w:Password>", &["x"]),
        ("<key>password</key>\n<string>x</string><a>b</a>", &["x"]),
        (
            "<name>token</name><value><string>x</string></value>",
            &["x"],
        ),
        ("<password/><a>b</a>", &[]),
        ("<password>x", &["x"]),
        ("a < password > b", &[]),
        ("<a password='x'>b</a>", &["x"]),
        ("<<password>x<", &["x<"]),
    ] {
        assert_eq!(passwords(text), expected, "{text}");
    }
}

#[test]
fn names_are_told() {
    for (text, name) in [
        ("a boot.password=x", "boot.password"),
        ("--password x", "password"),
        ("<AdminPassword>x", "AdminPassword"),
        ("u:p@h", ""),
    ] {
        assert_eq!(find(text)[0].name, name, "{text}");
    }
}

/// Time that grows with the square of the text would not end here.
#[test]
fn long_texts() {
    for piece in [
        "password:",
        "password=",
        "://",
        "a:b@",
        "<password>",
        "<key>token</key>",
        "--token ",
        "password: {",
        "password:\n ",
        "bearer ",
        "<",
        "\"",
        "iscsi:",
        "-u ",
        "\n",
    ] {
        let text = piece.repeat((1 << 19) / piece.len());
        let found = find(&text);
        assert!(
            found
                .iter()
                .all(|one| text.get(one.range.clone()).is_some())
        );
    }
}
