<html>
<body>
<?php
$page = <<<HTML
    <p>$title</p>
    HTML;
$rows = <<<'SQL'
    select * from books
    SQL;
$text = <<<TEXT
    nothing known
    TEXT;
?>
<p><?= $page ?></p>
</body>
</html>
