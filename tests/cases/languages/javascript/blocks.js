class Blocks {
  name = 1;

  run() {
    if (this.name) {
      start();
    } else {
      stop();
    }
    switch (this.name) {
      case 1:
        start();
        break;
      default:
        stop();
    }
  }
}

function view() {
  return (
    <ul>
      <li>one</li>
      <Item />
    </ul>
  );
}
while (true) {
  wait();
}
