use std::fmt;

pub struct Whole {
    name: String,
    size:
}

impl Whole {
    pub fn half(&self, value: u8) -> u8 {
        let x = self.
        if x > value {
            return 0;
        }
        1
    }

    fn after(&self) -> String {
        self.name.
    }
}

struct Later {
    kind: Kind,
}
