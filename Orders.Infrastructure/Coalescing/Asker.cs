namespace Orders.Infrastructure.Coalescing;

/// <summary>
/// One who waits for one answer, and leaves when its token is cancelled. Changed under the gate of
/// <see cref="SharedStatements{TQuestion, TAnswer}"/> only.
/// </summary>
internal sealed class Asker<TQuestion, TAnswer> : TaskCompletionSource<TAnswer>
    where TQuestion : notnull
{
    private readonly SharedStatements<TQuestion, TAnswer> _statements;
    private readonly CancellationTokenRegistration _leaving;

    public Asker(SharedStatements<TQuestion, TAnswer> statements, TQuestion question, CancellationToken cancellationToken)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        (_statements, Question) = (statements, question);
        _leaving = cancellationToken.UnsafeRegister(static (asker, token) => ((Asker<TQuestion, TAnswer>)asker!).Leave(token), this);
    }

    public TQuestion Question { get; }

    public bool HasLeft { get; set; }

    /// <summary>Those who share its statement, while it runs.</summary>
    public Batch<TQuestion, TAnswer>? Batch { get; set; }

    /// <summary>Another one in there with the same question.</summary>
    public Asker<TQuestion, TAnswer>? Same { get; set; }

    public void Succeed(TAnswer answer)
    {
        _leaving.Unregister();
        TrySetResult(answer);
    }

    public void Fail(Exception exception)
    {
        _leaving.Unregister();
        TrySetException(exception);
    }

    private void Leave(CancellationToken cancellationToken)
    {
        _statements.Leave(this);
        TrySetCanceled(cancellationToken);
    }
}
