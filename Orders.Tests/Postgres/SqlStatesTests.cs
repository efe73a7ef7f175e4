using System.Net.Sockets;
using System.Reflection;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Postgres;

namespace Orders.Tests.Postgres;

/// <summary>Each class of PostgreSQL's appendix A, and each code that differs from its class.</summary>
internal sealed class SqlStatesTests
{
    [TestCase("03000", ErrorKind.Internal)] // sql_statement_not_yet_complete
    [TestCase("08000", ErrorKind.ServerAway)] // connection_exception
    [TestCase("08006", ErrorKind.ServerAway)] // connection_failure
    [TestCase("08P01", ErrorKind.ServerAway)] // protocol_violation, as poolers send it
    [TestCase("09000", ErrorKind.WrongRow)] // triggered_action_exception
    [TestCase("0A000", ErrorKind.TryAgain)] // feature_not_supported: a cached plan whose table changed
    [TestCase("0B000", ErrorKind.Internal)] // invalid_transaction_initiation
    [TestCase("0F000", ErrorKind.Internal)] // locator_exception
    [TestCase("0L000", ErrorKind.NotAllowed)] // invalid_grantor
    [TestCase("0P000", ErrorKind.NotAllowed)] // invalid_role_specification
    [TestCase("0Z000", ErrorKind.Internal)] // diagnostics_exception
    [TestCase("20000", ErrorKind.WrongRow)] // case_not_found
    [TestCase("21000", ErrorKind.WrongRow)] // cardinality_violation
    [TestCase("22003", ErrorKind.WrongRow)] // numeric_value_out_of_range
    [TestCase("22021", ErrorKind.WrongRow)] // character_not_in_repertoire
    [TestCase("22P03", ErrorKind.WrongRow)] // invalid_binary_representation
    [TestCase("23505", ErrorKind.WrongRow)] // unique_violation
    [TestCase("23514", ErrorKind.WrongRow)] // check_violation
    [TestCase("24000", ErrorKind.Internal)] // invalid_cursor_state
    [TestCase("25000", ErrorKind.Internal)] // invalid_transaction_state
    [TestCase("25006", ErrorKind.ServerAway)] // read_only_sql_transaction
    [TestCase("25P02", ErrorKind.Internal)] // in_failed_sql_transaction
    [TestCase("25P03", ErrorKind.TryAgain)] // idle_in_transaction_session_timeout
    [TestCase("25P04", ErrorKind.TookTooLong)] // transaction_timeout
    [TestCase("26000", ErrorKind.TryAgain)] // invalid_sql_statement_name
    [TestCase("27000", ErrorKind.WrongRow)] // triggered_data_change_violation
    [TestCase("28000", ErrorKind.NotAllowed)] // invalid_authorization_specification
    [TestCase("28P01", ErrorKind.NotAllowed)] // invalid_password
    [TestCase("2B000", ErrorKind.Internal)] // dependent_privilege_descriptors_still_exist
    [TestCase("2D000", ErrorKind.Internal)] // invalid_transaction_termination
    [TestCase("2F002", ErrorKind.WrongRow)] // modifying_sql_data_not_permitted, in a function
    [TestCase("34000", ErrorKind.Internal)] // invalid_cursor_name
    [TestCase("38000", ErrorKind.WrongRow)] // external_routine_exception
    [TestCase("39P01", ErrorKind.WrongRow)] // trigger_protocol_violated
    [TestCase("3B000", ErrorKind.Internal)] // savepoint_exception
    [TestCase("3D000", ErrorKind.WrongTable)] // invalid_catalog_name
    [TestCase("3F000", ErrorKind.WrongTable)] // invalid_schema_name
    [TestCase("40000", ErrorKind.TryAgain)] // transaction_rollback
    [TestCase("40001", ErrorKind.TryAgain)] // serialization_failure, and a standby's recovery conflict
    [TestCase("40002", ErrorKind.WrongRow)] // transaction_integrity_constraint_violation
    [TestCase("40003", ErrorKind.ServerAway)] // statement_completion_unknown
    [TestCase("40P01", ErrorKind.TryAgain)] // deadlock_detected
    [TestCase("42501", ErrorKind.NotAllowed)] // insufficient_privilege
    [TestCase("42601", ErrorKind.Internal)] // syntax_error
    [TestCase("42703", ErrorKind.WrongTable)] // undefined_column
    [TestCase("42804", ErrorKind.WrongTable)] // datatype_mismatch
    [TestCase("42883", ErrorKind.WrongTable)] // undefined_function: no such operator for the type
    [TestCase("42P01", ErrorKind.WrongTable)] // undefined_table
    [TestCase("42P05", ErrorKind.TryAgain)] // duplicate_prepared_statement
    [TestCase("44000", ErrorKind.WrongRow)] // with_check_option_violation
    [TestCase("53000", ErrorKind.ServerAway)] // insufficient_resources
    [TestCase("53100", ErrorKind.ServerAway)] // disk_full
    [TestCase("53200", ErrorKind.ServerAway)] // out_of_memory
    [TestCase("53300", ErrorKind.ServerAway)] // too_many_connections
    [TestCase("54001", ErrorKind.Internal)] // statement_too_complex
    [TestCase("55000", ErrorKind.WrongTable)] // object_not_in_prerequisite_state: a view that can't be updated
    [TestCase("55006", ErrorKind.TryAgain)] // object_in_use
    [TestCase("55P02", ErrorKind.Internal)] // cant_change_runtime_param
    [TestCase("55P03", ErrorKind.TookTooLong)] // lock_not_available
    [TestCase("57000", ErrorKind.ServerAway)] // operator_intervention
    [TestCase("57014", ErrorKind.TookTooLong)] // query_canceled
    [TestCase("57P01", ErrorKind.ServerAway)] // admin_shutdown
    [TestCase("57P02", ErrorKind.ServerAway)] // crash_shutdown
    [TestCase("57P03", ErrorKind.ServerAway)] // cannot_connect_now
    [TestCase("57P04", ErrorKind.ServerAway)] // database_dropped
    [TestCase("57P05", ErrorKind.TryAgain)] // idle_session_timeout
    [TestCase("58030", ErrorKind.Internal)] // io_error
    [TestCase("72000", ErrorKind.TryAgain)] // snapshot_too_old
    [TestCase("F0000", ErrorKind.Internal)] // config_file_error
    [TestCase("HV000", ErrorKind.WrongTable)] // fdw_error
    [TestCase("HV00N", ErrorKind.ServerAway)] // fdw_unable_to_establish_connection
    [TestCase("P0001", ErrorKind.WrongRow)] // raise_exception
    [TestCase("XX000", ErrorKind.WrongRow)] // internal_error
    [TestCase("XX001", ErrorKind.WrongRow)] // data_corrupted
    [TestCase("", ErrorKind.Internal)]
    public void An_error_means(string sqlState, ErrorKind kind) => Assert.That(SqlStates.KindOf(Error(sqlState)), Is.EqualTo(kind));

    [Test]
    public void Every_class_that_the_driver_knows_is_in_the_table()
    {
        IEnumerable<string> known = typeof(PostgresErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => ((string)field.GetRawConstantValue()!)[..2])
            .Except(["00", "01", "02"]);
        IEnumerable<string> tested = typeof(SqlStatesTests).GetMethod(nameof(An_error_means))!.GetCustomAttributes<TestCaseAttribute>()
            .Select(test => (string)test.Arguments[0]!)
            .Where(state => state.Length == 5)
            .Select(state => state[..2]);
        Assert.That(known.Except(tested), Is.Empty);
    }

    [TestCase("57P01", true)]
    [TestCase("57P05", true)]
    [TestCase("25006", true)]
    [TestCase("25P03", true)]
    [TestCase("26000", true)]
    [TestCase("0A000", true)]
    [TestCase("40001", true)]
    [TestCase("40P01", true)]
    [TestCase("42P05", true)]
    [TestCase("40003", false)]
    [TestCase("57P02", false)]
    [TestCase("57014", false)]
    [TestCase("08006", false)]
    [TestCase("53200", false)]
    [TestCase("23505", false)]
    public void A_change_runs_again_only_when_the_server_says_that_it_did_not_happen(string sqlState, bool didNotHappen) =>
        Assert.That(SqlStates.DidNotHappen(Error(sqlState)), Is.EqualTo(didNotHappen));

    [TestCase("0A000", true)]
    [TestCase("26000", true)]
    [TestCase("42P05", true)]
    [TestCase("25006", true)]
    [TestCase("57P05", true)]
    [TestCase("08006", true)]
    [TestCase("40001", false)]
    [TestCase("25P04", false)]
    [TestCase("42501", false)]
    public void Pooled_connections_are_given_up_only_when_they_are_of_no_more_use(string sqlState, bool ends) =>
        Assert.That(SqlStates.EndsConnections(Error(sqlState)), Is.EqualTo(ends));

    [Test]
    public void A_change_that_a_row_security_policy_refuses_is_about_its_row_and_not_about_the_role() => Assert.That(
        SqlStates.KindOf(new PostgresException("", "ERROR", "ERROR", "42501", routine: "ExecWithCheckOptions")), Is.EqualTo(ErrorKind.WrongRow));

    [Test]
    public void Errors_without_a_code_are_the_drivers()
    {
        Assert.That(SqlStates.KindOf(new NpgsqlException("", new TimeoutException())), Is.EqualTo(ErrorKind.TookTooLong));
        Assert.That(SqlStates.KindOf(new NpgsqlException("", new IOException())), Is.EqualTo(ErrorKind.ServerAway));
        Assert.That(SqlStates.KindOf(new NpgsqlException("", new SocketException())), Is.EqualTo(ErrorKind.ServerAway));
        Assert.That(SqlStates.KindOf(new InvalidCastException()), Is.EqualTo(ErrorKind.WrongRow));
        Assert.That(SqlStates.KindOf(new DatabaseUnavailableException("", Error("40001"))), Is.EqualTo(ErrorKind.TryAgain));
        Assert.That(SqlStates.KindOf(new OperationCanceledException("", Error("57014"))), Is.Null);
    }

    private static PostgresException Error(string sqlState) => new("", "ERROR", "ERROR", sqlState);
}
