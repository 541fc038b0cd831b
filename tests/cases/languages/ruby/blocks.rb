class Shape
  def area(a)
    if a > 0
      step
    elsif a < 0
      stop
    else
      wait
    end
    while a > 1
      step
    end
    case a
    when 1
      step
    else
      stop
    end
    list.each do |item|
      step item
    end
    list.map { |item| step item }
    begin
      step
    rescue StandardError
      stop
    ensure
      wait
    end
  end
end
