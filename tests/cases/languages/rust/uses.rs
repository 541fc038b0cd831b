use crate::station::{Reading, Station};

const LIMIT: usize = 3;

impl Report {
    fn add<'a, T: Unit, const N: usize>(
        &mut self,
        line: Line<'a, T>,
        (left, right): (u8, u8),
        Point { x, y: height }: Point,
        mut marks: [u8; N],
    ) -> Result<usize> {
        let first = line.split().next()?;
        let mut total: f64 = first.sum::<f64>();
        let (low, high) = bounds(&marks);
        let Some(found) = self.index.get(&low) else {
            return Err(Error::Missing);
        };
        if let Ok(value) = Station::read(found) {
            self.store(value);
        }
        if let Some(a) = one() && let Some(b) = two(a) {
            use_both(a, b);
        }
        while let Some(Reading { at, value: size, .. }) = stack.pop() {
            println!("{} {at}", size);
        }
        for (key, item) in self.table.iter().enumerate() {
            self.lines[key].text = item.clone();
        }
        match self.kind() {
            Kind::Wind(speed) if speed > LIMIT => deliver(speed),
            Kind::Rain { amount } => deliver(amount),
            other @ (Kind::Snow | Kind::Hail) => deliver(other),
            ref rest => deliver(rest),
        }
        let done = |code: u32, name| code > 3 && crate::checks::valid(name);
        let boxed = Pair::<String, Line> { key: name, value };
        let shared = std::sync::Arc::new(boxed.0);
        total += f64::from(LIMIT as u8) * Self::FACTOR;
        async move {
            let inner = shared.await;
            inner
        };
        let text: &'static str = format!("{}", total).as_str();
        vec![Station::new(text), done(1, 2)]
    }
}
