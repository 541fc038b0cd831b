<p>Before</p>
<?php

class Blocks
{
    public $name = 1;

    public function run(): void
    {
        if ($this->name) {
            start();
        } elseif (late()) {
            wait();
        } else {
            stop();
        }
        switch ($this->name) {
            case 1:
                start();
                break;
            default:
                stop();
        }
    }
}

enum Kind
{
    case Wall;
}

while (true) {
    wait();
}
?>
<?php foreach ($rows as $row): ?>
    <li><?= $row ?></li>
<?php endforeach ?>
